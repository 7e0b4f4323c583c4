"""What onecard knows: sources, rules, titles and words of the trade, read from the files that state them."""
