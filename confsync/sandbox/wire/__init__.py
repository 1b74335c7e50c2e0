"""How the store looks over HTTP: REST v1 and v2 as views on one model."""
