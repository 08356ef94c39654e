"""The one writer of a log: it judges, enters, commits and signs what is submitted."""
