"""`sam build` puts this under python/ in the layer."""

NAME = "shared"
