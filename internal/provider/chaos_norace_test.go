//go:build !race

package provider

const defaultSequences = 100
