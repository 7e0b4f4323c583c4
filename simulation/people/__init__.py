"""The people of a simulated county: names, ID numbers, cards, households and what they are entitled to."""
