"""The verifier of a trace bundle that runs in a browser: an ES module of our own, and what makes its forms from the classes."""
