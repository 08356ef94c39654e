"""What the project publishes of its rules: the forms of records, the rows of every kind, and the pages made of them."""
