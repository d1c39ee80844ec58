using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>A test with a real Prometheus and PostgreSQL.</summary>
public sealed class PrometheusFactAttribute() : SlowFactAttribute(
    () => File.Exists(PrometheusProcess.Program) ? PostgresServer.Missing : $"{PrometheusProcess.Program} is missing: apt-get install prometheus");
