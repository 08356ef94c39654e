"""The one writer of a log: what is submitted is judged, entered, committed and signed."""
