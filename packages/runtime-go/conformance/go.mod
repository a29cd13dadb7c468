module orrery/conformance

go 1.26
