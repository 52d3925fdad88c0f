package main

var wireRows = []row{}
