package types

// config is what an editor and tsc need to know about a folder of scripts.
const config = `{
  "compilerOptions": {
    "strict": true,
    "noEmit": true,
    "target": "ES2022",
    "lib": ["ES2022"],
    "module": "ESNext",
    "moduleResolution": "bundler",
    "moduleDetection": "force",
    "resolveJsonModule": true,
    "types": []
  },
  "include": ["**/*.ts", "litellm.d.ts"]
}
`

// Config returns a tsconfig.json for a folder of scripts, which litellm.d.ts stands in.
func Config() string { return config }
