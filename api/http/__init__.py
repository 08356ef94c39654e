"""The HTTP side of the server: connections, limits, problems, and what the routes of one app share."""
