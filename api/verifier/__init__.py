"""The verifier of a trace bundle that runs in a browser: ES modules of our own, and what makes its schemas from the classes."""
