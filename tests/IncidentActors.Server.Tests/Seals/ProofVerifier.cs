using System.Diagnostics;

namespace IncidentActors.Server.Tests.Seals;

/// <summary>The program of a stranger, which shares nothing with the product.</summary>
internal static class ProofVerifier
{
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(string bundle, int code, params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", [Path.Combine(AppContext.BaseDirectory, "Seals", "verify_proof.py"), bundle, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var all = await output + await errors;
        Assert.True(process.ExitCode == code, all);
        return all;
    }
}
