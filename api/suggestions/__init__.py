"""Drafts for the consultant: ready before one looks, every figure a fact's, and what became of each."""
