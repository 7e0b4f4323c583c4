"""The words every room of onecard uses: money, people, cards, places, months, workspace, errors."""
