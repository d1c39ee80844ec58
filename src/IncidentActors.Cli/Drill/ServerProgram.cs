namespace IncidentActors.Cli.Drill;

/// <summary>Where the server's program is: named, next to this one, or built in the same source tree.</summary>
internal static class ServerProgram
{
    private const string Name = "incident-server.dll";

    /// <returns>A file that exists, or null.</returns>
    public static string? Find(string? named, Func<string, string?> environment)
    {
        if ((named ?? environment("INCIDENT_SERVER_PROGRAM")) is { Length: > 0 } given) return File.Exists(given) ? Path.GetFullPath(given) : null;
        var here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var framework = Path.GetFileName(here);
        var configuration = Path.GetFileName(Path.GetDirectoryName(here)) ?? "";
        var tree = Path.GetFullPath(Path.Combine(here, "..", "..", "..", "..", "IncidentActors.Server", "bin", configuration, framework, Name));
        return new[] { Path.Combine(here, Name), tree }.FirstOrDefault(File.Exists);
    }
}
