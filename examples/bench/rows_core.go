package main

var coreRows = []row{}
