using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>A test with a real Prometheus and PostgreSQL: skipped with the reason where one is not installed, a failure where <c>CI=true</c>.</summary>
public sealed class PrometheusFactAttribute : FactAttribute
{
    public PrometheusFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") return;
        Skip = File.Exists(PrometheusProcess.Program) ? PostgresServer.Missing : $"{PrometheusProcess.Program} is missing: apt-get install prometheus";
    }
}
