"""How the server speaks HTTP: connections, limits, problems, and what the routes of one app share."""
