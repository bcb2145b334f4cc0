"""The JSON API: the wire format of Enode's smart-charging API, so that its clients work here unchanged."""
