"""The routes of `/v1`: one file a resource, listed in `api/v1/routes.py`."""
