"""The pages: what a donor, a journalist or an auditor sees in a browser, made at the server out of the same answers as `/v1`.

`routes` lists the addresses, `asking` answers them at a tree size and in a language, `voice` says numbers, days and states,
`frame` holds the templates; every other module gives the facts of one page. Nothing here decides anything.
"""
