"""Tests of coachbot, in a package of their own name because this folder's parent is called like the product."""
