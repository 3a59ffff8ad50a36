// Checks callbacks with the helper of connectwise-rest, unmodified: reads a JSON list of [body, signature, key] from
// standard input and prints the list of its verdicts.
'use strict'

const { utils } = require(require.resolve('connectwise-rest', { paths: [process.cwd()] }))

const given = JSON.parse(require('fs').readFileSync(0, 'utf8'))
const verdicts = given.map(([body, signature, key]) => utils.Callback.verifyMessage(JSON.parse(body), signature, key))
process.stdout.write(JSON.stringify(verdicts))
