module orrery/random-programs

go 1.26
