using System.Diagnostics;
using System.Security.Cryptography;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Node;

/// <summary>Runs scripts that use public npm packages. They are installed once into a folder whose name is the hash of <c>package.json</c>.</summary>
internal static class NodePackages
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(20);
    private static readonly Lazy<string?> Problem = new(Install);

    private static string Scripts => Path.Combine(AppContext.BaseDirectory, "Node");

    private static string Cache => Path.Combine(
        Path.GetTempPath(), $"incidentactors-npm-{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Scripts, "package.json"))))[..16]}");

    /// <summary>Why scripts cannot run here, or null.</summary>
    public static string? Missing => Problem.Value;

    /// <summary>Runs a script with the arguments and gives what it printed.</summary>
    /// <exception cref="Xunit.Sdk.XunitException">It failed.</exception>
    public static async Task<string> RunAsync(string script, params string[] arguments)
    {
        Assert.True(Missing is null, Missing);
        var copy = Directory.CreateDirectory(Path.Combine(Cache, $"{Guid.NewGuid():n}")).FullName;
        foreach (var file in Directory.GetFiles(Scripts, "*.mjs")) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        try
        {
            var (exit, output, errors) = await StartAsync("node", [Path.Combine(copy, script), .. arguments], Cache);
            Assert.True(exit == 0, $"{script} ended with {exit}:\n{output}\n{errors}");
            return output;
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private static string? Install()
    {
        try
        {
            var done = Path.Combine(Cache, "installed");
            if (File.Exists(done)) return null;
            Directory.CreateDirectory(Cache);
            File.Copy(Path.Combine(Scripts, "package.json"), Path.Combine(Cache, "package.json"), overwrite: true);
            var (exit, _, errors) = StartAsync(
                "npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"], Cache)
                .GetAwaiter()
                .GetResult();
            if (exit != 0) return $"npm install failed: {errors.Trim()}";
            File.WriteAllText(done, "");
            return null;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException or OperationCanceledException)
        {
            return $"node and npm are needed (Debian: apt-get install nodejs npm): {error.Message}";
        }
    }

    private static async Task<(int Exit, string Output, string Errors)> StartAsync(string program, string[] arguments, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var late = new CancellationTokenSource(WaitTimeout);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await errors);
    }
}

/// <summary>A test with public npm packages.</summary>
public sealed class NodeFactAttribute() : SlowFactAttribute(() => NodePackages.Missing);

/// <summary>A test with public npm packages.</summary>
public sealed class NodeTheoryAttribute() : SlowTheoryAttribute(() => NodePackages.Missing);
