using System.Collections;
using System.Runtime.CompilerServices;

namespace IncidentActors.Testing;

/// <summary>
/// What somebody has told this program in their shell is not told to the tests and the processes that they start: neither the server that
/// they work with, nor the database of their journal, nor how wide their terminal is.
/// </summary>
internal static class OwnEnvironment
{
    private static readonly string[] Prefixes = ["INCIDENT_", "OTEL_", "ASPNETCORE_", "COLUMNS"];

    [ModuleInitializer]
    internal static void Forget()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal))) Environment.SetEnvironmentVariable(name, null);
        }
    }
}
