"""The addresses of the pages.

    app.router.routes.extend(pages.ROUTES)
"""

from __future__ import annotations

from . import (
    badge,
    charity,
    entry,
    far,
    files,
    find,
    fund,
    gift,
    goal,
    home,
    log,
    money,
    overdue,
    payment,
    picture,
    policy,
    project,
    public_lists,
    record,
    robots,
)
from .page_request import page

SVG = "image/svg+xml; charset=utf-8"

ROUTES = (
    page("/", home.home, is_judged=True),
    page("/projects", home.projects, is_judged=True),
    page("/organisations", home.organisations),
    page("/find", find.find),
    page("/g/{ref}", gift.gift, is_judged=True),
    page("/project/{id}", project.project, is_judged=True),
    page("/goal/{id}", goal.goal),
    page("/payment/{ref}", payment.payment, is_judged=True),
    page("/record/{ref}", record.record),
    page("/charity/{id}", charity.charity, is_judged=True),
    page("/fund/{id}", fund.fund),
    page("/money/{term}", money.money, is_judged=True),
    page("/overdue", overdue.overdue_list, is_judged=True),
    page("/entry/{index}", entry.entry),
    page("/reach/{stage}", far.far),
    page("/log", log.log, shows_beside=True),
    page("/data", log.data),
    page("/figures", log.figures),
    page("/lists", public_lists.public_lists),
    page("/card/{id}", badge.card, framed="*"),
    page("/og/{id}.png", picture.picture, media="image/png"),
    page("/badge/{id}.svg", badge.badge, media=SVG),
    files.ROUTE,
    policy.ROUTE,
    robots.ROUTE,
)
