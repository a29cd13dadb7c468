module orrery/diagnostics

go 1.26
