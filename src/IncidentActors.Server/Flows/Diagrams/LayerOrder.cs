namespace IncidentActors.Server.Flows.Diagrams;

/// <summary>Orders each layer so that few arrows cross: sweeps by the mean place of the neighbours, then swaps of neighbours that help.</summary>
internal static class LayerOrder
{
    private const int Sweeps = 24;

    public static void Reduce(Layers layers)
    {
        var best = Copy(layers);
        var least = Crossings(layers);
        for (var sweep = 0; sweep < Sweeps && least > 0; sweep++)
        {
            Sweep(layers, down: sweep % 2 == 0);
            Swap(layers);
            var crossings = Crossings(layers);
            if (crossings >= least) continue;
            (best, least) = (Copy(layers), crossings);
        }

        for (var layer = 0; layer < best.Count; layer++)
        {
            layers.Order[layer].Clear();
            layers.Order[layer].AddRange(best[layer]);
        }
    }

    public static int Crossings(Layers layers) => Enumerable.Range(0, layers.Order.Count - 1).Sum(layer => Between(layers, layer));

    private static List<int[]> Copy(Layers layers) => [.. layers.Order.Select(order => order.ToArray())];

    private static void Sweep(Layers layers, bool down)
    {
        var places = new double[layers.Widths.Count];
        var count = layers.Order.Count;
        for (var step = 0; step < count; step++)
        {
            var order = layers.Order[down ? step : count - 1 - step];
            var sorted = order.Select((node, place) => (node, mean: Mean(down ? layers.Above[node] : layers.Below[node], places, place)))
                .OrderBy(one => one.mean).Select(one => one.node).ToList();
            order.Clear();
            order.AddRange(sorted);
            for (var place = 0; place < order.Count; place++) places[order[place]] = place;
        }
    }

    private static double Mean(List<Neighbour> neighbours, double[] places, double own) =>
        neighbours.Count == 0 ? own : neighbours.Average(one => places[one.Node]);

    private static void Swap(Layers layers)
    {
        for (var better = true; better;)
        {
            better = false;
            for (var layer = 0; layer < layers.Order.Count; layer++)
            {
                var order = layers.Order[layer];
                for (var i = 0; i + 1 < order.Count; i++)
                {
                    var before = Around(layers, layer);
                    (order[i], order[i + 1]) = (order[i + 1], order[i]);
                    if (Around(layers, layer) < before)
                        better = true;
                    else
                        (order[i], order[i + 1]) = (order[i + 1], order[i]);
                }
            }
        }
    }

    private static int Around(Layers layers, int layer) =>
        (layer > 0 ? Between(layers, layer - 1) : 0) + (layer + 1 < layers.Order.Count ? Between(layers, layer) : 0);

    private static int Between(Layers layers, int upper)
    {
        var lower = layers.Order[upper + 1];
        var places = new Dictionary<int, int>(lower.Count);
        for (var place = 0; place < lower.Count; place++) places[lower[place]] = place;
        var ends = layers.Order[upper].Select(node => layers.Below[node].Select(one => places[one.Node]).ToArray()).ToArray();
        var crossings = 0;
        for (var left = 0; left < ends.Length; left++)
        {
            for (var right = left + 1; right < ends.Length; right++)
            {
                foreach (var one in ends[left]) crossings += ends[right].Count(other => other < one);
            }
        }

        return crossings;
    }
}
