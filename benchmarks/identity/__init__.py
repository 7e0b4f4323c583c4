"""Who is this person: our comparison of names and numbers beside Splink, an exact join and Jaro-Winkler, on labelled pairs."""
