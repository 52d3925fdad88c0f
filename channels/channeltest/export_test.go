package channeltest

// Long are the names of the checks that -short leaves out.
var Long = long
