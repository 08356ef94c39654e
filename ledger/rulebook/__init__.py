"""The rules that the project publishes: the forms of records, the rows of every kind, and the pages made from them."""
