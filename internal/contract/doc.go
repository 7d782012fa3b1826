// Package contract runs the same cases against our fake Seam and the official one, through the
// client and the provider. Its tests have the build tag contract and need Node: run them with
// `make contract`.
package contract
