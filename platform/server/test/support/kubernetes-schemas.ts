// Compares rendered objects with what Kubernetes, the Gateway API and the Prometheus operator know: values by their
// schemas, and fields by their types, since the schemas let unknown fields pass.

import { dirname, join } from 'node:path';
import ts from 'typescript';
import { repository } from './compose-file.ts';
import type { KubernetesObject } from './helm-chart.ts';

/** The package that has the models of a group; that of Kubernetes itself for all others. */
const packages = new Map([
  ['gateway.networking.k8s.io', '@kubernetes-models/gateway-api'],
  ['monitoring.coreos.com', '@kubernetes-models/prometheus-operator'],
]);

type Kind = Pick<KubernetesObject, 'apiVersion' | 'kind'>;

function moduleOf({ apiVersion, kind }: Kind): string {
  return `${packages.get(dirname(apiVersion)) ?? 'kubernetes-models'}/${apiVersion}/${kind}`;
}

/** Throws with what the schema of its kind does not allow; also for a kind that there is not. */
export async function validateObject(object: KubernetesObject): Promise<void> {
  const models = (await import(moduleOf(object))) as Record<string, new (data: unknown) => { validate(): void }>;
  const Model = models[object.kind];
  if (Model === undefined) throw new Error(`there is no ${object.apiVersion} ${object.kind}`);
  new Model(object).validate();
}

/** What the types do not allow of these objects: unknown fields first of all. */
export function typeProblems(objects: readonly KubernetesObject[]): string[] {
  const name = join(repository, 'platform/server/test/support/rendered.ts');
  const kinds = new Map(objects.map((each) => [moduleOf(each), each.kind]));
  const imports = [...kinds].map(([from, kind], index) => `import type { I${kind} as K${index} } from '${from}';`);
  const index = [...kinds.keys()];
  const checks = objects.map((each) => `${JSON.stringify(each)} satisfies K${index.indexOf(moduleOf(each))};`);
  const text = [...imports, ...checks.map((check, at) => `export const o${at} = ${check}`)].join('\n');
  const options: ts.CompilerOptions = {
    ...{ noEmit: true, strict: true, skipLibCheck: true, types: [] },
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (file, ...rest) =>
    file === name ? ts.createSourceFile(file, text, ts.ScriptTarget.ESNext) : getSourceFile.call(host, file, ...rest);
  host.fileExists = (file) => file === name || fileExists.call(host, file);
  const found = ts.getPreEmitDiagnostics(ts.createProgram([name], options, host));
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
