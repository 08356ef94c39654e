"""The pages that a donor, a journalist or an auditor sees in a browser, rendered on the server from the same answers as `/v1`.

`routes` lists the addresses; `page_request` answers them at a tree size and in a language; `locale` formats numbers, days and
states; `frame` holds the templates. Every other module gives the facts of one page. Nothing here decides anything.
"""
