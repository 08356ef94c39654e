"""The routes of `/v1`: one file per resource, listed in `api/v1/routes.py`."""
