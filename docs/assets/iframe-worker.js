// The search runs in a worker, and browsers start none for a page that was opened from disk. There, this class takes the
// worker's place: its script runs in a hidden frame of the page. Served pages keep the browser's own worker.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    #frame = document.createElement("iframe")
    #started

    constructor(address) {
      super()
      this.#frame.hidden = true
      document.documentElement.append(this.#frame)
      const inside = this.#frame.contentWindow
      // What the script sends goes to who listens to this worker, not to the frame itself.
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data: structuredClone(data) }))
      this.#started = new Promise((resolve, reject) => {
        const script = inside.document.createElement("script")
        script.src = new URL(address, location.href).href
        script.onload = resolve
        script.onerror = () => reject(new Error(`${script.src} cannot be read`))
        inside.document.documentElement.append(script)
      })
      this.addEventListener("message", (event) => this.onmessage?.(event))
    }

    async postMessage(data) {
      const sent = structuredClone(data)
      await this.#started
      const inside = this.#frame.contentWindow
      inside.dispatchEvent(new inside.MessageEvent("message", { data: sent }))
    }

    terminate() {
      this.#frame.remove()
    }
  }
}
