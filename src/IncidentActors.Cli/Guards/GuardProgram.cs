using System.Diagnostics;
using System.Reflection;

namespace IncidentActors.Cli.Guards;

/// <summary>This program as a guard in a process of its own, for rehearsals and drills.</summary>
internal static class GuardProgram
{
    /// <summary>What the command says when it runs.</summary>
    private const string Runs = "runs";

    /// <summary>A guard with a command that goes on; null: it was not allowed to start.</summary>
    /// <param name="token">The holder's access token; null if the handle is enough.</param>
    public static async Task<Process?> StartAsync(Uri server, string holder, string? token, string[] options, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        string[] words =
        [
            GuardVerb.Name, "--server", server.ToString(), "--agent", holder, .. options, "--", "sh", "-c", $"echo {Runs}; exec sleep 600",
        ];
        foreach (var word in words) start.ArgumentList.Add(word);
        start.Environment.Remove("INCIDENT_TOKEN");
        if (token is not null) start.Environment["INCIDENT_TOKEN"] = token;
        var guard = Process.Start(start)!;
        if (await guard.StandardOutput.ReadLineAsync(cancel) == Runs) return guard;
        guard.Dispose();
        return null;
    }
}
