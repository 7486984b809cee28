// For kernels that live for half a minute: V8 would spend a fifth of their time on optimising code that ends with them.
require("node:v8").setFlagsFromString("--interrupt-budget=1000000");
