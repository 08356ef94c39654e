"""Everything that asks a server over HTTP: today a log's; a witness or a timestamp authority will be asked from here too."""
