using System.Runtime.CompilerServices;

namespace IncidentActors.Testing;

/// <summary>
/// What somebody has told their servers and clients by environment variables (a journal, a token, a collector) is not for tests: they
/// would write into that journal and send to that collector.
/// </summary>
internal static class OwnEnvironment
{
    [ModuleInitializer]
    internal static void Forget()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.OfType<string>())
        {
            if (name.StartsWith("INCIDENT_", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal))
                Environment.SetEnvironmentVariable(name, null);
        }
    }
}
