module github.com/openmip/openmip/examples/bench/peers

go 1.26.0

require (
	github.com/looplab/fsm v1.0.3
	github.com/openmip/openmip v0.0.0
	github.com/qmuntal/stateless v1.8.0
)

require github.com/shopspring/decimal v1.6.0 // indirect

replace github.com/openmip/openmip => ../../..
