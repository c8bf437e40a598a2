"""The page of `x17 explore`: sliders, switches and figures in a browser; needs the extra `[explorer]`."""
