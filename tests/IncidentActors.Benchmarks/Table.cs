using System.Globalization;

namespace IncidentActors.Benchmarks;

/// <summary>How results are printed: one figure a line, ratios of the same run beside them.</summary>
internal static class Table
{
    public static void Title(string name, string measures) => Console.WriteLine($"\n## {name}: {measures}");

    public static void Row(string what, double figure, string unit, string note = "") =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-58} {figure,14:#,0.##} {unit,-10} {note}"));

    /// <summary>Processor time that the process has used so far: what a busy machine does not distort.</summary>
    public static TimeSpan Cpu => Environment.CpuUsage.TotalTime;

    /// <summary>The value below which the given part of the sorted samples lies.</summary>
    public static double Percentile(IReadOnlyList<double> sorted, double part) =>
        sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Count) - 1, 0, sorted.Count - 1)];
}
