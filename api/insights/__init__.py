"""Figures for the manager, each with its definition."""
