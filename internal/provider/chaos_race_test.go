//go:build race

package provider

// defaultSequences is smaller with the race detector, which makes a sequence five times slower.
const defaultSequences = 40
