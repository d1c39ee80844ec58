using System.Diagnostics;

namespace IncidentActors.Pages.Tests;

/// <summary>A public npm package by exact version, installed once into a folder of its own.</summary>
internal static class NpmPackage
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(4);

    /// <summary>The text of a file of the package.</summary>
    /// <exception cref="Xunit.Sdk.XunitException">The package is not to be had.</exception>
    public static async Task<string> ReadAsync(string name, string version, string file)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"incidentactors-npm-{name}-{version}");
        var path = Path.Combine(folder, "node_modules", name, file);
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(folder);
            using var npm = Process.Start(new ProcessStartInfo(
                "npm",
                [
                    "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--prefix", folder, $"{name}@{version}",
                ]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var said = await npm.StandardError.ReadToEndAsync();
            using var late = new CancellationTokenSource(WaitTimeout);
            await npm.WaitForExitAsync(late.Token);
            Assert.True(npm.ExitCode == 0, $"npm install {name}@{version}: {said}");
        }

        return await File.ReadAllTextAsync(path);
    }
}
