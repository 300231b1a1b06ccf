{{/* Names, labels and the pod that all modes share. */}}

{{- define "belfry.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "belfry.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains (include "belfry.name" .) .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "belfry.name" .) | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "belfry.selector" -}}
app.kubernetes.io/name: {{ include "belfry.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "belfry.labels" -}}
{{ include "belfry.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "belfry.image" -}}
{{- $name := .Values.image.repository }}
{{- if .Values.image.registry }}{{ $name = printf "%s/%s" .Values.image.registry $name }}{{ end }}
{{- if .Values.image.digest }}{{ printf "%s@%s" $name .Values.image.digest }}
{{- else }}{{ printf "%s:%s" $name (default .Chart.AppVersion .Values.image.tag) }}{{ end }}
{{- end }}

{{- define "belfry.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}{{ default (include "belfry.fullname" .) .Values.serviceAccount.name }}
{{- else }}{{ default "default" .Values.serviceAccount.name }}{{ end }}
{{- end }}

{{/* What the presets ask for. What each carries is in docs/operations.md, "Sizing". */}}
{{- define "belfry.resources" -}}
{{- if .resources }}
{{- toYaml .resources }}
{{- else if eq .resourcesPreset "small" }}
requests: { cpu: 250m, memory: 256Mi }
limits: { memory: 512Mi }
{{- else if eq .resourcesPreset "medium" }}
requests: { cpu: '1', memory: 768Mi }
limits: { memory: 1536Mi }
{{- else if eq .resourcesPreset "large" }}
requests: { cpu: '2', memory: 2Gi }
limits: { memory: 4Gi }
{{- else }}
{}
{{- end }}
{{- end }}

{{/* Settings by their names, as texts. Helm reads numbers as floats, which it would write as 2.62144e+07. */}}
{{- define "belfry.settings" -}}
NODE_ENV: production
HOST: 0.0.0.0
PORT: '8000'
DATA_DIR: /data
{{- if not (hasKey .Values.config "LOG_FORMAT") }}
LOG_FORMAT: json
{{- end }}
{{- with .Values.metrics.port }}
INTERNAL_PORT: {{ . | quote }}
{{- end }}
{{- range $name, $value := .Values.config }}
{{- $text := toString $value }}
{{- if kindIs "float64" $value }}{{ if eq (floor $value) $value }}{{ $text = printf "%.0f" $value }}{{ end }}{{ end }}
{{ $name }}: {{ $text | quote }}
{{- end }}
{{- end }}

{{/* Name of the port of metrics and probes. */}}
{{- define "belfry.healthPort" -}}
{{- if .Values.metrics.port }}internal{{ else }}http{{ end }}
{{- end }}

{{- define "belfry.isCluster" -}}
{{- if eq .Values.mode "cluster" }}true{{ end }}
{{- end }}

{{/* Stops with words where a value is missing. */}}
{{- define "belfry.validate" -}}
{{- if include "belfry.isCluster" . }}
{{- if not (or .Values.mongodb.url .Values.mongodb.existingSecret) }}{{ fail "mode cluster needs mongodb.url or mongodb.existingSecret" }}{{ end }}
{{- if not (or .Values.redis.url .Values.redis.existingSecret) }}{{ fail "mode cluster needs redis.url or redis.existingSecret" }}{{ end }}
{{- if not (or .Values.secret.value .Values.secret.existingSecret) }}{{ fail "mode cluster needs secret.value or secret.existingSecret: openssl rand -base64 32" }}{{ end }}
{{- if not (or .Values.uploads.existingClaim (hasKey .Values.config "S3_BUCKET")) }}{{ fail "mode cluster needs config.S3_BUCKET, or uploads.existingClaim with ReadWriteMany: all gateways share the uploads" }}{{ end }}
{{- end }}
{{- if eq (int .Values.metrics.port) 8000 }}{{ fail "metrics.port is the port of clients, 8000: take another, or 0" }}{{ end }}
{{- $given := 0 }}
{{- range list .Values.provision.inline .Values.provision.existingConfigMap .Values.provision.existingSecret }}{{ if . }}{{ $given = add1 $given }}{{ end }}{{ end }}
{{- if gt (int $given) 1 }}{{ fail "set at most one of provision.inline, provision.existingConfigMap and provision.existingSecret" }}{{ end }}
{{- range $name := list "MONGODB_URL" "REDIS_URL" "REDIS_PASSWORD" "BELFRY_SECRET" "ROLE" "NODE_ENV" "DATA_DIR" "PORT" "INTERNAL_PORT" "HOST" "PROVISION_FILE" "PLUGINS_DIR" "LIMIT_DRAIN_MS" }}
{{- if hasKey $.Values.config $name }}{{ fail (printf "config.%s has a value of its own in this chart: see values.yaml" $name) }}{{ end }}
{{- end }}
{{- range $name := list "METRICS_TOKEN" "S3_SECRET_ACCESS_KEY" "OTEL_EXPORTER_OTLP_HEADERS" }}
{{- if hasKey $.Values.config $name }}{{ fail (printf "config.%s is a secret, and config is kept in a ConfigMap: put it into a Secret, and name that in envFrom" $name) }}{{ end }}
{{- end }}
{{- if include "belfry.isCluster" . }}
{{- range $component := list "gateway" "worker" }}
{{- $of := index $.Values $component }}
{{- if $of.autoscaling.enabled }}
{{- if lt (int $of.autoscaling.maxReplicas) (int $of.autoscaling.minReplicas) }}{{ fail (printf "%s.autoscaling.maxReplicas is below minReplicas" $component) }}{{ end }}
{{- $resources := fromYaml (include "belfry.resources" $of) }}
{{- if not (dig "requests" "cpu" "" $resources) }}{{ fail (printf "%s.autoscaling needs %s.resources.requests.cpu, or a preset: it goes by percents of that" $component $component) }}{{ end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Name of the Secret that the release makes. */}}
{{- define "belfry.ownSecret" -}}{{ include "belfry.fullname" . }}{{- end }}

{{- define "belfry.provisioned" -}}
{{- if or .Values.provision.inline .Values.provision.existingConfigMap .Values.provision.existingSecret }}true{{ end }}
{{- end }}

{{/* A variable from a Secret: the one that exists, or the release's. */}}
{{- define "belfry.secretVariable" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ default (include "belfry.ownSecret" .root) .from.existingSecret }}
      key: {{ .from.existingSecretKey }}
{{- end }}

{{/* What leads to MongoDB and Redis. */}}
{{- define "belfry.clusterEnv" -}}
{{ include "belfry.secretVariable" (dict "root" . "name" "MONGODB_URL" "from" .Values.mongodb) }}
{{ include "belfry.secretVariable" (dict "root" . "name" "REDIS_URL" "from" .Values.redis) }}
{{- with .Values.redis.passwordSecret }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: {{ $.Values.redis.passwordSecretKey }}
{{- end }}
{{- end }}

{{/* The key of what is encrypted at rest; none where the embedded engine makes its own. */}}
{{- define "belfry.secretEnv" -}}
{{- if or .Values.secret.value .Values.secret.existingSecret }}
{{ include "belfry.secretVariable" (dict "root" . "name" "BELFRY_SECRET" "from" .Values.secret) }}
{{- end }}
{{- end }}

{{/* Environment of a pod. `role` is empty in mode embedded. */}}
{{- define "belfry.env" -}}
{{- $root := .root }}
{{- with .role }}
- name: ROLE
  value: {{ . }}
{{ include "belfry.clusterEnv" $root }}
{{- end }}
{{- include "belfry.secretEnv" $root }}
{{- if include "belfry.provisioned" $root }}
- name: PROVISION_FILE
  value: /etc/belfry/provision/{{ $root.Values.provision.key }}
{{- end }}
{{- if or $root.Values.plugins.image $root.Values.plugins.existingConfigMap }}
- name: PLUGINS_DIR
  value: /plugins
{{- end }}
- name: LIMIT_DRAIN_MS
  value: {{ mul $root.Values.rollout.drainSeconds 1000 | quote }}
{{- with $root.Values.env }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Volumes of the provision file, for pods that read it. */}}
{{- define "belfry.provisionVolume" -}}
{{- if .Values.provision.existingConfigMap }}
- name: provision
  configMap:
    name: {{ .Values.provision.existingConfigMap }}
{{- else if .Values.provision.existingSecret }}
- name: provision
  secret:
    secretName: {{ .Values.provision.existingSecret }}
{{- else if .Values.provision.inline }}
- name: provision
  secret:
    secretName: {{ include "belfry.ownSecret" . }}
    items:
      - { key: provision.yaml, path: {{ .Values.provision.key }} }
{{- end }}
{{- end }}

{{/*
Labels of pods that run a command to its end. Their name is another one, so that no Service, no budget and no
monitor of the nodes finds them.
*/}}
{{- define "belfry.jobLabels" -}}
app.kubernetes.io/name: {{ include "belfry.name" . }}-job
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* How such a pod runs, and where: { root, of: values of the component beside which it may run }. */}}
{{- define "belfry.jobPod" -}}
{{- $root := .root }}
restartPolicy: Never
serviceAccountName: {{ include "belfry.serviceAccount" $root }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext: {{- toYaml $root.Values.podSecurityContext | nindent 2 }}
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .of.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .of.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The pod template: { root, role, component, of: values of the component }. */}}
{{- define "belfry.pod" -}}
{{- $root := .root }}
{{- $values := $root.Values }}
metadata:
  labels:
    {{- include "belfry.selector" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
    {{- with .of.podLabels }}{{ toYaml . | nindent 4 }}{{ end }}
  annotations:
    checksum/config: {{ include (print $root.Template.BasePath "/configmap.yaml") $root | sha256sum }}
    checksum/secret: {{ include (print $root.Template.BasePath "/secret.yaml") $root | sha256sum }}
    {{- with .of.podAnnotations }}{{ toYaml . | nindent 4 }}{{ end }}
spec:
  serviceAccountName: {{ include "belfry.serviceAccount" $root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ add $values.rollout.preStopSeconds $values.rollout.drainSeconds 5 }}
  securityContext: {{- toYaml $values.podSecurityContext | nindent 4 }}
  {{- with $values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with .of.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .of.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .of.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .of.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if .role }}
  topologySpreadConstraints:
    {{- if .of.topologySpreadConstraints }}
    {{- toYaml .of.topologySpreadConstraints | nindent 4 }}
    {{- else }}
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "belfry.selector" $root | nindent 10 }}
          app.kubernetes.io/component: {{ .component }}
    {{- end }}
  {{- end }}
  {{- if $values.plugins.image }}
  initContainers:
    - name: plugins
      image: {{ $values.plugins.image }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      command: [cp, -r, {{ printf "%s/." $values.plugins.path | quote }}, /to]
      securityContext: {{- toYaml $values.securityContext | nindent 8 }}
      volumeMounts:
        - { name: plugins, mountPath: /to }
  {{- end }}
  containers:
    - name: belfry
      image: {{ include "belfry.image" $root }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      args: [start]
      securityContext: {{- toYaml $values.securityContext | nindent 8 }}
      ports:
        - { name: http, containerPort: 8000 }
        {{- with $values.metrics.port }}
        - { name: internal, containerPort: {{ . }} }
        {{- end }}
      envFrom:
        - configMapRef:
            name: {{ include "belfry.fullname" $root }}
        {{- with $values.envFrom }}{{ toYaml . | nindent 8 }}{{ end }}
      env: {{- include "belfry.env" . | nindent 8 }}
      resources: {{- include "belfry.resources" .of | nindent 8 }}
      # A process that brings what is stored forward answers at the internal port, and is not ready. Without such a port
      # nothing answers meanwhile.
      startupProbe:
        httpGet: { path: /healthz, port: {{ include "belfry.healthPort" $root }} }
        periodSeconds: 2
        failureThreshold: {{ div $values.rollout.startSeconds 2 | max 1 }}
      readinessProbe:
        httpGet: { path: /readyz, port: {{ include "belfry.healthPort" $root }} }
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      livenessProbe:
        httpGet: { path: /healthz, port: {{ include "belfry.healthPort" $root }} }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      lifecycle:
        preStop:
          # Balancers take the pod out before it drains. The image has no shell.
          exec:
            command: [node, -e, 'setTimeout(() => {}, {{ mul $values.rollout.preStopSeconds 1000 }})']
      volumeMounts:
        - { name: data, mountPath: /data }
        - { name: tmp, mountPath: /tmp }
        {{- if include "belfry.provisioned" $root }}
        - { name: provision, mountPath: /etc/belfry/provision, readOnly: true }
        {{- end }}
        {{- if $values.plugins.image }}
        - { name: plugins, mountPath: /plugins, readOnly: true }
        {{- else if $values.plugins.existingConfigMap }}
        - { name: plugins, mountPath: /plugins/{{ $values.plugins.existingConfigMap }}, readOnly: true }
        {{- end }}
        {{- with $values.extraVolumeMounts }}{{ toYaml . | nindent 8 }}{{ end }}
  volumes:
    - name: tmp
      emptyDir: { medium: Memory, sizeLimit: 64Mi }
    {{- if .role }}
    - name: data
      {{- if $values.uploads.existingClaim }}
      persistentVolumeClaim:
        claimName: {{ $values.uploads.existingClaim }}
      {{- else }}
      emptyDir: {}
      {{- end }}
    {{- else if $values.persistence.existingClaim }}
    - name: data
      persistentVolumeClaim:
        claimName: {{ $values.persistence.existingClaim }}
    {{- else if not $values.persistence.enabled }}
    - name: data
      emptyDir: {}
    {{- end }}
    {{- with include "belfry.provisionVolume" $root }}{{ . | nindent 4 }}{{ end }}
    {{- if $values.plugins.image }}
    - name: plugins
      emptyDir: {}
    {{- else if $values.plugins.existingConfigMap }}
    - name: plugins
      configMap:
        name: {{ $values.plugins.existingConfigMap }}
    {{- end }}
    {{- with $values.extraVolumes }}{{ toYaml . | nindent 4 }}{{ end }}
{{- end }}
