// Drives connectwise-rest, unmodified, as its users do. It reads one JSON task from standard input and prints one JSON
// answer: {"do": "list"} tells every method of every module and the request it makes; {"do": "walk"} carries out the
// calls of each collection and tells how each went. Which calls those are is decided by the test that starts this.
'use strict'

const { ManageAPI } = require(require.resolve('connectwise-rest', { paths: [process.cwd()] }))

function modulesOf(manage) {
  return Object.keys(manage).filter((name) => name.endsWith('API'))
}

function methodsOf(module) {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(module)).filter((name) => name !== 'constructor')
}

function list(options) {
  const manage = new ManageAPI(options)
  const found = []
  for (const name of modulesOf(manage)) {
    const module = manage[name]
    module.request = (request) => request
    for (const method of methodsOf(module)) {
      const words = Array.from({ length: module[method].length }, (_, place) => `{${place}}`)
      const request = module[method](...words)
      const { path, method: verb, data } = request
      found.push({ module: name, method, path, verb, takes: words.length, body: data !== undefined })
    }
  }
  return found
}

async function carryOut(manage, call, id) {
  const module = manage[call.module]
  const words = call.args.map((word) => (word === '$id' ? id : word))
  if (call.pageSize === undefined) {
    return module[call.method](...words)
  }
  return manage.paginate(module[call.method], { pageSize: call.pageSize }, ...words, { ...call.query })
}

async function life(manage, calls) {
  const told = []
  let id
  for (const call of calls) {
    try {
      const answer = await carryOut(manage, call, id)
      if (call.step === 'create') {
        id = answer.id
      }
      const rows = Array.isArray(answer) ? answer.map((row) => row && row.id) : null
      told.push({ step: call.step, method: call.method, id: answer && answer.id, rows, count: answer && answer.count })
    } catch (error) {
      told.push({ step: call.step, method: call.method, failed: `${error.status} ${JSON.stringify(error.data)} ${error.message}` })
      if (call.step === 'create') {
        break
      }
    }
  }
  return told
}

async function walk(options, collections, atOnce) {
  const manage = new ManageAPI(options)
  const waiting = Object.entries(collections)
  const told = {}
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      told[next[0]] = await life(manage, next[1])
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return told
}

async function main() {
  const chunks = []
  for await (const chunk of process.stdin) {
    chunks.push(chunk)
  }
  const task = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  const options = { ...task.options, logger: () => undefined }
  const answer = task.do === 'list' ? list(options) : await walk(options, task.collections, task.atOnce)
  process.stdout.write(JSON.stringify(answer))
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
