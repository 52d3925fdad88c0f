// Command server is OpenMIP as a daemon: one JSON file says which shops, which
// BigBuy account, which ways to pay and which store it joins.
package main
